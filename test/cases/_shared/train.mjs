const rate = 0.1;
console.log(`loss: ${(rate - 0.3) ** 2}`);
