using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FhirMg.Service.Store.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AccessLog",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Operation = table.Column<string>(type: "TEXT", nullable: false),
                    Server = table.Column<string>(type: "TEXT", nullable: true),
                    Patient = table.Column<string>(type: "TEXT", nullable: true),
                    Client = table.Column<string>(type: "TEXT", nullable: true),
                    User = table.Column<string>(type: "TEXT", nullable: true),
                    Rules = table.Column<string>(type: "TEXT", nullable: false),
                    Knowledge = table.Column<string>(type: "TEXT", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessLog", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AppLaunches",
                columns: table => new
                {
                    State = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Content = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppLaunches", x => x.State);
                });

            migrationBuilder.CreateTable(
                name: "AppSessions",
                columns: table => new
                {
                    Handle = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    Cookie = table.Column<string>(type: "TEXT", maxLength: 43, nullable: false),
                    Server = table.Column<string>(type: "TEXT", nullable: true),
                    Patient = table.Column<string>(type: "TEXT", nullable: true),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Context = table.Column<string>(type: "TEXT", nullable: false),
                    Tokens = table.Column<string>(type: "TEXT", nullable: false),
                    Page = table.Column<string>(type: "TEXT", nullable: true),
                    Renewals = table.Column<int>(type: "INTEGER", nullable: false),
                    RenewingUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppSessions", x => x.Handle);
                });

            migrationBuilder.CreateTable(
                name: "CdsFeedback",
                columns: table => new
                {
                    Server = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Card = table.Column<Guid>(type: "TEXT", nullable: false),
                    Service = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Rule = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Class = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Knowledge = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Patient = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    IsOverridden = table.Column<bool>(type: "INTEGER", nullable: false),
                    AcceptedRules = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ReasonSystem = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    ReasonCode = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Comment = table.Column<string>(type: "TEXT", maxLength: 4000, nullable: true),
                    DecidedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsFeedback", x => new { x.Server, x.Card });
                });

            migrationBuilder.CreateTable(
                name: "CdsKeySets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Json = table.Column<string>(type: "TEXT", nullable: false),
                    FetchedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsKeySets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CdsShownCards",
                columns: table => new
                {
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Tenant = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Service = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Rule = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Knowledge = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsShownCards", x => new { x.Day, x.Tenant, x.Service, x.Rule, x.Knowledge });
                });

            migrationBuilder.CreateTable(
                name: "CdsUsedTokens",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsUsedTokens", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DataProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FriendlyName = table.Column<string>(type: "TEXT", nullable: true),
                    Xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Screenings",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Server = table.Column<string>(type: "TEXT", nullable: false),
                    Group = table.Column<string>(type: "TEXT", nullable: true),
                    Write = table.Column<bool>(type: "INTEGER", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: false),
                    Client = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    IsCancelRequested = table.Column<bool>(type: "INTEGER", nullable: false),
                    Owner = table.Column<string>(type: "TEXT", nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: false),
                    Phase = table.Column<string>(type: "TEXT", nullable: false),
                    Done = table.Column<long>(type: "INTEGER", nullable: false),
                    Total = table.Column<long>(type: "INTEGER", nullable: true),
                    Said = table.Column<string>(type: "TEXT", nullable: true),
                    Patients = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Problems = table.Column<string>(type: "TEXT", nullable: false),
                    Notes = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Screenings", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AccessLog_At",
                table: "AccessLog",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_AccessLog_Server_Patient",
                table: "AccessLog",
                columns: new[] { "Server", "Patient" });

            migrationBuilder.CreateIndex(
                name: "IX_AppLaunches_ExpiresAt",
                table: "AppLaunches",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_AppSessions_ExpiresAt",
                table: "AppSessions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_AppSessions_Patient",
                table: "AppSessions",
                column: "Patient");

            migrationBuilder.CreateIndex(
                name: "IX_CdsFeedback_At",
                table: "CdsFeedback",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_CdsFeedback_Patient",
                table: "CdsFeedback",
                column: "Patient");

            migrationBuilder.CreateIndex(
                name: "IX_CdsKeySets_ExpiresAt",
                table: "CdsKeySets",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_CdsUsedTokens_ExpiresAt",
                table: "CdsUsedTokens",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_At",
                table: "Screenings",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_State_Server",
                table: "Screenings",
                columns: new[] { "State", "Server" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccessLog");

            migrationBuilder.DropTable(
                name: "AppLaunches");

            migrationBuilder.DropTable(
                name: "AppSessions");

            migrationBuilder.DropTable(
                name: "CdsFeedback");

            migrationBuilder.DropTable(
                name: "CdsKeySets");

            migrationBuilder.DropTable(
                name: "CdsShownCards");

            migrationBuilder.DropTable(
                name: "CdsUsedTokens");

            migrationBuilder.DropTable(
                name: "DataProtectionKeys");

            migrationBuilder.DropTable(
                name: "Screenings");
        }
    }
}
