export { ACCOUNT, startTwilio, type TwilioStandIn } from './twilio-stand-in.js';
