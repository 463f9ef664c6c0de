/** Tells what is going on. */
export type Progress = (text: string) => void;
