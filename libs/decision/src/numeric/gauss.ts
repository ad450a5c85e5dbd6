/** Nodes of one panel. Ten hold 1e-9 on panels of about two standard deviations. */
export const PANEL_NODES = 10;

function legendre(degree: number, x: number): Float64Array {
  const values = new Float64Array(degree + 1);
  values[0] = 1;
  if (degree >= 1) values[1] = x;
  for (let n = 1; n < degree; n += 1) {
    values[n + 1] = ((2 * n + 1) * x * (values[n] ?? 0) - n * (values[n - 1] ?? 0)) / (n + 1);
  }
  return values;
}

function nodeAt(count: number, index: number): { readonly x: number; readonly weight: number } {
  let x = -Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
  let slope = 1;
  for (let round = 0; round < 100; round += 1) {
    const values = legendre(count, x);
    slope = (count * (x * (values[count] ?? 0) - (values[count - 1] ?? 0))) / (x * x - 1);
    const step = (values[count] ?? 0) / slope;
    x -= step;
    if (Math.abs(step) < 1e-16) break;
  }
  return { x, weight: 2 / ((1 - x * x) * slope * slope) };
}

/** Gauss-Legendre rule on [-1, 1]. */
export interface GaussRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  /**
   * Row-major square: entry (i, k) integrates the k-th cardinal polynomial from -1 to node i. It
   * turns densities at the nodes into distribution values there, so that no incomplete beta
   * function is needed inside a panel.
   */
  readonly cumulative: Float64Array;
}

/** Builds the rule with so many nodes. */
export function gaussRule(count: number): GaussRule {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const node = nodeAt(count, index);
    nodes[index] = node.x;
    weights[index] = node.weight;
  }
  const cumulative = new Float64Array(count * count);
  for (let i = 0; i < count; i += 1) {
    const upTo = legendre(count, nodes[i] ?? 0);
    for (let k = 0; k < count; k += 1) {
      const at = legendre(count, nodes[k] ?? 0);
      let sum = ((nodes[i] ?? 0) + 1) / 2;
      for (let m = 1; m < count; m += 1) {
        sum += ((at[m] ?? 0) * ((upTo[m + 1] ?? 0) - (upTo[m - 1] ?? 0))) / 2;
      }
      cumulative[i * count + k] = sum * (weights[k] ?? 0);
    }
  }
  return { nodes, weights, cumulative };
}
