# FhirMg as an image: chiselled (no shell, no package manager), as a user without rights, on a root file system that may be read-only.
#   docker build -t fhirmg .                       the service
#   docker build -t fhirmg-cli --target cli .      the command line, with the samples
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt ./
COPY src/ src/
COPY profiles/ profiles/
COPY docs/ docs/
COPY fhir-samples/ fhir-samples/
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
RUN dotnet publish src/FhirMg.Service -c Release -r linux-x64 --self-contained false -o /out/service \
 && dotnet publish src/FhirMg.Cli -c Release -r linux-x64 --self-contained false -o /out/cli \
 && mkdir /out/data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS cli
COPY --from=build /out/cli /app
COPY fhir-samples /samples
WORKDIR /samples
ENTRYPOINT ["dotnet", "/app/fhirmg.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS service
COPY --from=build /out/service /app
# 1654 is the image's own user "app"; only this folder is written to, and only with SQLite.
COPY --from=build --chown=1654:1654 /out/data /app/data
WORKDIR /app
USER 1654
# DOTNET_EnableDiagnostics=0: without it the runtime wants to write to /tmp.
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080
VOLUME /app/data
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["dotnet", "/app/fhirmg-service.dll", "--health"]
ENTRYPOINT ["dotnet", "/app/fhirmg-service.dll"]
