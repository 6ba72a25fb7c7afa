// The package's main entry is CommonJS in an ES package, which Node refuses; its module build has no types of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
