throw new Error('STRICT_LICENCE is not set');
