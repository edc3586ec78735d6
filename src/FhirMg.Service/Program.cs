using FhirMg.Service.Hosting;

return await CommandLine.RunAsync(args);
