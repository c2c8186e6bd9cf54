export const strict = {};
