export declare const ASSET: RegExp;
export declare function assetText(path: string): string;
