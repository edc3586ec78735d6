using FhirMg.Service.Hosting;

var application = ServiceApplication.Build(args);
await application.RunAsync();
