// In place of protobufjs's generators of functions: each is generated with its first call.
module.exports = (generate) => (type) => (scope) => {
  let generated;
  return function (...given) {
    generated ??= generate(type)(scope);
    return generated.apply(this, given);
  };
};
