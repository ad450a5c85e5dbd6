/** What is wrong with a calendar rule; null where it can be followed. */
export type RuleProblem =
  | { readonly kind: 'unreadable'; readonly detail: string }
  | { readonly kind: 'too_often' }
  | { readonly kind: 'never' };

/** Judges calendar rules; only somebody with a calendar can. */
export type CheckRule = (rule: {
  readonly rrule: string;
  readonly at: string;
  readonly from: string;
}) => RuleProblem | null;
