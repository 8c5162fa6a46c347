// Frameworks look at NODE_ENV while they are loaded (graphql-js compares each type the long way unless it says production), so
// this is what a program imports first.
process.env['NODE_ENV'] ??= 'production';
