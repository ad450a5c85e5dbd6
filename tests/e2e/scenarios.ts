/** A scenario file of a few steps, entered by an event of its own name or by what is told. */
export function scenario(
  id: string,
  given: {
    readonly entry?: string;
    readonly steps: readonly string[];
    readonly holdout?: string;
    readonly goal?: string;
  },
): Readonly<Record<string, string>> {
  const text = `scenario: ${id}
name: { fr: ${id}, en: ${id} }
purpose: marketing
entry: ${given.entry ?? `{ on: ${id}_asked, reentry: always }`}
${given.goal === undefined ? '' : `goal: ${given.goal}\n`}${
    given.holdout === undefined ? '' : `holdout: ${given.holdout}\n`
  }limits: { max_age: 30d }
steps:
${given.steps.map((step) => `  - ${step}`).join('\n')}
  - exit: done
`;
  return { [`${id}.yaml`]: text };
}

/** Steps of a scenario that decides between two actions and delivers. */
export const DECIDES = [
  '{ decide: { id: pick, actions: [hello, offer], fallback: hello } }',
  '{ deliver: { decision: pick } }',
];

/** Steps of a scenario that delivers without a decision. */
export const DELIVERS = ['{ deliver: { action: hello } }'];

/** Policies of the pipeline workspace without hours, and with other caps where given. */
export function policies(caps: readonly string[] = []): Readonly<Record<string, string>> {
  return {
    'policies.yaml': `purposes:
  marketing: { basis: [opt_in, soft_opt_in, legitimate_interest_b2b] }
caps: [${caps.join(', ')}]
quiet_hours: []
`,
  };
}
