using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace FhirMg.Service.Store.Postgres.Migrations
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
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Operation = table.Column<string>(type: "text", nullable: false),
                    Server = table.Column<string>(type: "text", nullable: true),
                    Patient = table.Column<string>(type: "text", nullable: true),
                    Client = table.Column<string>(type: "text", nullable: true),
                    User = table.Column<string>(type: "text", nullable: true),
                    Rules = table.Column<string>(type: "text", nullable: false),
                    Knowledge = table.Column<string>(type: "text", nullable: true),
                    Status = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccessLog", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AppLaunches",
                columns: table => new
                {
                    State = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Content = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppLaunches", x => x.State);
                });

            migrationBuilder.CreateTable(
                name: "AppSessions",
                columns: table => new
                {
                    Handle = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    Cookie = table.Column<string>(type: "character varying(43)", maxLength: 43, nullable: false),
                    Server = table.Column<string>(type: "text", nullable: true),
                    Patient = table.Column<string>(type: "text", nullable: true),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Context = table.Column<string>(type: "text", nullable: false),
                    Tokens = table.Column<string>(type: "text", nullable: false),
                    Page = table.Column<string>(type: "text", nullable: true),
                    Renewals = table.Column<int>(type: "integer", nullable: false),
                    RenewingUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppSessions", x => x.Handle);
                });

            migrationBuilder.CreateTable(
                name: "CdsFeedback",
                columns: table => new
                {
                    Server = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Card = table.Column<Guid>(type: "uuid", nullable: false),
                    Service = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Rule = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Class = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Knowledge = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Patient = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    IsOverridden = table.Column<bool>(type: "boolean", nullable: false),
                    AcceptedRules = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ReasonSystem = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ReasonCode = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Comment = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    DecidedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsFeedback", x => new { x.Server, x.Card });
                });

            migrationBuilder.CreateTable(
                name: "CdsKeySets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Json = table.Column<string>(type: "text", nullable: false),
                    FetchedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsKeySets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CdsShownCards",
                columns: table => new
                {
                    Day = table.Column<int>(type: "integer", nullable: false),
                    Tenant = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Service = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Rule = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Knowledge = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsShownCards", x => new { x.Day, x.Tenant, x.Service, x.Rule, x.Knowledge });
                });

            migrationBuilder.CreateTable(
                name: "CdsUsedTokens",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CdsUsedTokens", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DataProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FriendlyName = table.Column<string>(type: "text", nullable: true),
                    Xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Screenings",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Server = table.Column<string>(type: "text", nullable: false),
                    Group = table.Column<string>(type: "text", nullable: true),
                    Write = table.Column<bool>(type: "boolean", nullable: false),
                    Language = table.Column<string>(type: "text", nullable: false),
                    Client = table.Column<string>(type: "text", nullable: true),
                    State = table.Column<string>(type: "text", nullable: false),
                    IsCancelRequested = table.Column<bool>(type: "boolean", nullable: false),
                    Owner = table.Column<string>(type: "text", nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Phase = table.Column<string>(type: "text", nullable: false),
                    Done = table.Column<long>(type: "bigint", nullable: false),
                    Total = table.Column<long>(type: "bigint", nullable: true),
                    Said = table.Column<string>(type: "text", nullable: true),
                    Patients = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Problems = table.Column<string>(type: "text", nullable: false),
                    Notes = table.Column<string>(type: "text", nullable: false)
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
