export { publishFile, type AtPoint, type PublishPoint } from './durable.js';
export { FileConnector, type FileConnectorOptions } from './file-connector.js';
