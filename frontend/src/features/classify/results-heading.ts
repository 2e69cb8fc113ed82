import { leavesFocusTo } from "@/shared/lib/focus";

/** The heading that gets the focus when the controls of work in progress go away. */
export const resultsHeadingId = "results";

export const leavesFocusToResults = leavesFocusTo(resultsHeadingId);
