export { PERSON_ROLES, ROLES, type ProblemDocument, type Role } from './shared.js';
export { type Access, type ApiRoute } from './route.js';
export {
  API,
  API_ROUTES,
  type ApiBody,
  type ApiBodyInput,
  type ApiOperation,
  type ApiQuery,
  type ApiQueryInput,
  type ApiResponse,
} from './routes.js';
export { enrolBody, enrolParams, type EnrolAnswerView } from './program-routes.js';
export { openApiDocument } from './openapi.js';
export { TASK_OUTCOMES } from './accounts.js';
export { TROUBLES } from './operate.js';
export { TIMELINE_KINDS } from './people.js';
export { DRAFT_FILES } from './draft-routes.js';
export { IMPORT_BATCH } from './imports.js';
export { WORKSPACE_LIMITS } from './operations.js';
export {
  API_REFUSALS,
  problemDocumentOf,
  type ApiRefusal,
  type ApiRefusalName,
} from './refusals.js';
