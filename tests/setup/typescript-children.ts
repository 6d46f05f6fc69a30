// Tests run the sources, and so do the processes that the sources start.
process.execArgv.push('--import', import.meta.resolve('tsx'))
