console.log("x\n1");
