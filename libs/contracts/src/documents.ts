/** The contracts as documents: for other people's tools, and for people. Services that only talk need none of it. */
export { createAsyncApi } from './asyncapi.ts';
export { breakingChanges } from './changes.ts';
export {
  createOpenApi,
  type MediaType,
  type OperationObject,
  type ResponseObject,
} from './openapi.ts';
export { operations } from './operations/index.ts';
export { type Operation, ProblemDocument } from './operations/operation.ts';
export { asyncApiPage } from './pages/asyncapi-page.ts';
export { contentSecurityPolicy } from './pages/html.ts';
export { openApiPage } from './pages/openapi-page.ts';
export { currentRelease, type Release, toMessage } from './release.ts';
