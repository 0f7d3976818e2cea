let lastNumber = 0;

/** A finding's id that no other test of this run has. */
export const newId = () => (++lastNumber).toString(16).padStart(24, '0');

/** A name that no other test of this run has. */
export const newKey = () => `key-${newId()}`;
