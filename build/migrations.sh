#!/usr/bin/env bash
# Makes the store's one migration of each provider anew from the model. Until the first release there is no store to carry over.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet tool restore
# Before the build: a migration that is compiled in keeps its name taken.
rm -rf src/FhirMg.Service/Store/{Sqlite,Postgres}/Migrations
dotnet build src/FhirMg.Service -c Release --nologo -v quiet
for provider in Sqlite Postgres; do
  folder="src/FhirMg.Service/Store/$provider/Migrations"
  dotnet ef migrations add Initial --project src/FhirMg.Service --context "${provider}Store" --no-build --configuration Release --output-dir "Store/$provider/Migrations"
  # A fixed name: what is made anew does not need a new one, and nothing tells when it was made.
  for file in "$folder"/*_Initial*.cs; do
    sed -i -E 's/"[0-9]{14}_Initial"/"00000000000001_Initial"/; 1s/^\xEF\xBB\xBF//' "$file"
    mv "$file" "$folder/00000000000001_Initial${file##*_Initial}"
  done
  sed -i '1s/^\xEF\xBB\xBF//' "$folder/${provider}StoreModelSnapshot.cs"
done
