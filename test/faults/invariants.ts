/** What must hold after every fault, and of it I1, I2, I3, I5 and I8 also while the fault lasts. */
export const everything = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'];
