export { asAnalyticsError, connect, type ClickHouseAddress } from './connection.js';
export { DATABASE, schemaStatements, type RetentionDays, type SchemaSettings } from './ddl.js';
export { ClickHouseSink } from './sink.js';
export { ClickHouseReader } from './reader.js';
export { renderTableDocs, tableExamples } from './docs.js';
