/** Environment variables that stand for `--local-only` and `--allow-host` (names or addresses, comma-separated). A file of their own: flags are read without loading what makes sockets. */
export const LOCAL_ONLY = 'ONPAR_LOCAL_ONLY';
export const ALLOW_HOST = 'ONPAR_ALLOW_HOST';
