export default { kind: 'gate', name: 'strict', apiVersion: 2, description: 'Passes everything.', schema: false, create: () => ({ improvement: true }) };
