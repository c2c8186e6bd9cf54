export default { kind: 'gate', name: 'strict', apiVersion: 1, description: 'Passes everything.', schema: { type: 'object', properties: {} }, create: () => ({ improvement: true }) };
