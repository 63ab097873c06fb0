/** The parts in use of quadprog, which has no types of its own. All arrays begin at index 1. */
declare module 'quadprog' {
  interface Solution {
    readonly solution: readonly number[];
    /** Empty when it was solved. */
    readonly message: string;
  }

  interface Solver {
    /** Minimises x'Dx / 2 - d'x over A'x >= b, of which the first `meq` are equations. Changes D. */
    solveQP(Dmat: number[][], dvec: number[], Amat: number[][], bvec: number[], meq: number): Solution;
  }

  const quadprog: Solver;
  export default quadprog;
}
