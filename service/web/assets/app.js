// Small conveniences on pages that work without any script.
import { initAll } from "./govuk-frontend.js";
import { startLiveCounts } from "./live.js";
import { startGradeKeys } from "./grade_keys.js";
import { startRepeatedRows } from "./repeated_rows.js";
import { startKeepingDrafts } from "./kept_drafts.js";

initAll();
startLiveCounts();
startGradeKeys();
startRepeatedRows();
startKeepingDrafts();
