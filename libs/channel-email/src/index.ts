export { isBotAgent } from './bot-agent.js';
export { classifyClick, type ClickEvidence, type ClickFacts } from './click.js';
export { rewriteLinks, type RewriteOptions, type RewrittenLinks } from './link-rewrite.js';
export { signLink, verifyLink, type LinkClaim, type LinkKey } from './links.js';
export { messageIdFor } from './message-id.js';
export { createSmtpSender, type DkimKey, type SmtpSenderOptions } from './smtp-sender.js';
export { compileEmailTemplate, compileTextTemplate, variablesOf } from './template-compile.js';
export { emailTemplateProblems } from './template-problems.js';
export { chooseLocale, RENDERED_MAX_BYTES, renderEmail, renderText } from './template-render.js';
export { TEMPLATE_ROOTS } from './template-syntax.js';
export {
  readUnsubscribe,
  unsubscribeLinks,
  type UnsubscribeLinks,
  type UnsubscribeRequest,
} from './unsubscribe.js';
export {
  EmailComposer,
  SmsComposer,
  withDefaults,
  type ComposerOptions,
  type TemplateInForce,
} from './composer.js';
