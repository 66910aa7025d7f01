/** The version of the contracts, which the documents bear; a test compares it with the package's. */
export const CONTRACTS_VERSION = '0.1.0';
