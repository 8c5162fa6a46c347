/** Where the gateway asks the platform subgraph whom a key stands for. */
export const apiKeyPath = '/internal/api-key';

/** The audience of the internal token for that question: a token that a subgraph gets for a client is not good for it. */
export const apiKeyAudience = 'platform/api-key';
