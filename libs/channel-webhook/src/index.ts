export { createWebhookClient, endpointSecret } from './client.js';
