export { StoreError, type Tx, type UnitOfWork } from './ports/transaction.js';
export {
  FencedError,
  type EventLog,
  type LogAppend,
  type LogBatch,
  type LogPosition,
  type LogReader,
  type LogRecord,
  type Topic,
} from './log/event-log.js';
export type {
  ChannelSender,
  CompiledTemplate,
  EmailLocaleSource,
  EmailMessage,
  EmailTemplateSource,
  MessageChannel,
  OutgoingMessage,
  RenderedEmail,
  RenderProblem,
  SendFailure,
  SendResult,
  SmsMessage,
  TemplateProblem,
  TemplateVariables,
  TextTemplateSource,
} from './channels/ports.js';
