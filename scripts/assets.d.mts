export declare const ASSET: RegExp;
export declare function assetModule(path: string): string;
