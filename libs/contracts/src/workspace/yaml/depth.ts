/** A token of the YAML library's concrete syntax, as far as nesting goes. */
export interface Token {
  readonly type: string;
  readonly items?: readonly TokenItem[];
  readonly value?: unknown;
}

interface TokenItem {
  readonly key?: unknown;
  readonly value?: unknown;
}

/** Whether the tokens nest no deeper than the limit; found without recursion. */
export function depthWithin(tokens: readonly Token[], limit: number): boolean {
  const open: { readonly token: unknown; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (top.depth > limit) return false;
    const token = top.token as Token | null | undefined;
    if (token === null || typeof token !== 'object') continue;
    const depth = top.depth + 1;
    if (typeof token.value === 'object') open.push({ token: token.value, depth: top.depth });
    for (const item of token.items ?? []) {
      open.push({ token: item.key, depth }, { token: item.value, depth });
    }
  }
  return true;
}
