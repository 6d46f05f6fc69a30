/** Compiles resample.ts; gives the text of src/resample-program.ts. */
export function compile(): Promise<string>
