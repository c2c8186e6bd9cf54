export default { kind: 'gate', name: 'strict', apiVersion: 1, description: 'Passes everything.', schema: false, create: () => ({ improvement: true }) };
