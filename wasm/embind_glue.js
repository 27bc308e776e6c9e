// Parts of Embind's glue in the place of larger ones that the modules have no use for.
addToLibrary({
  // Misuse of the glue, by callers without types, is an Error with the same message.
  $BindingError: 'Error',
  $InternalError: 'Error',
  $UnboundTypeError: 'Error',
  $BindingError__postset: '',
  $InternalError__postset: '',
  $UnboundTypeError__postset: '',
  $UnboundTypeError__deps: [],

  // All types are registered before the functions, and no name has two functions.
  $whenDependentTypesAreResolved__deps: ['$registeredTypes'],
  $whenDependentTypesAreResolved: (types, dependent, use) =>
    use(dependent.map((type) => registeredTypes[type])),
  $sharedRegisterType__deps: ['$registeredTypes'],
  $sharedRegisterType: (address, type) => {
    registeredTypes[address] = type;
  },
  $exposePublicSymbol__deps: [],
  $exposePublicSymbol: () => {},
  $replacePublicSymbol__deps: [],
  $replacePublicSymbol: (name, value) => {
    Module[name] = value;
  },
  $throwUnboundTypeError__deps: [],
  $throwUnboundTypeError: () => {},
  $createNamedFunction: (name, body) => body,
  $requireRegisteredType__deps: ['$registeredTypes'],
  $requireRegisteredType: (address) => registeredTypes[address],
});
