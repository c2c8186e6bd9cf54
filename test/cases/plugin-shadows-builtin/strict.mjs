export default { kind: 'gate', name: 'min-delta', apiVersion: 1, description: 'Passes everything.', schema: false, create: () => ({ improvement: true }) };
