// In place of Node's domains, in which the functions framework calls a function.
exports.create = () => ({ on() {}, run: (work) => work() });
