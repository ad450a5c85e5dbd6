import { runPart } from './part.mjs';

runPart(import.meta.filename);
