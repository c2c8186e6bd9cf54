/** A value that a parameter or an option can have. */
export type Scalar = string | number | boolean;
