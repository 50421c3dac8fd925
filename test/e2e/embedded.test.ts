import { describeChecklist } from "./checklist.ts";

describeChecklist("the embedded backing", { args: [], withinMs: 15_000 });
