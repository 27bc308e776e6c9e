/** A text in each language; {0}, {1} ... stand for what is filled in. */
export type Text = readonly [english: string, japanese: string];
