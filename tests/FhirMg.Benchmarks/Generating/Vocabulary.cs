namespace FhirMg.Benchmarks.Generating;

/// <summary>Codes of what hospitals record most and no rule asks for.</summary>
internal static class Vocabulary
{
    public static readonly (string Code, string Display, string Unit, int Low, int High)[] Laboratory =
    [
        ("2339-0", "Glucose [Mass/volume] in Blood", "mg/dL", 70, 99), ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 1, 2),
        ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 136, 145), ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 3, 5),
        ("2075-0", "Chloride [Moles/volume] in Serum or Plasma", "mmol/L", 98, 107), ("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 8, 10),
        ("6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 4, 11), ("789-8", "Erythrocytes [#/volume] in Blood by Automated count", "10*6/uL", 4, 6),
        ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 12, 17), ("4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count", "%", 36, 50),
        ("787-2", "MCV [Entitic volume] by Automated count", "fL", 80, 100), ("777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 150, 400),
        ("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 7, 56), ("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 5, 40),
        ("6768-6", "Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma", "U/L", 44, 147), ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL", 0, 1),
        ("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 125, 200), ("2571-8", "Triglycerides", "mg/dL", 50, 150),
        ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 4, 6), ("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "m[IU]/L", 0, 4),
        ("8302-2", "Body Height", "cm", 140, 200), ("29463-7", "Body Weight", "kg", 40, 120), ("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", 18, 30),
        ("8867-4", "Heart rate", "/min", 50, 100), ("9279-1", "Respiratory rate", "/min", 12, 20), ("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", "mg/L", 0, 5),
    ];

    public static readonly (string Code, string Display)[] Conditions =
    [
        ("I10", "Essential (primary) hypertension"), ("E11.9", "Type 2 diabetes mellitus without complications"), ("E78.5", "Hyperlipidemia, unspecified"),
        ("J06.9", "Acute upper respiratory infection, unspecified"), ("M54.50", "Low back pain, unspecified"), ("K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    ];

    public static readonly (string Code, string Display)[] Medicines =
    [
        ("C09AA05", "ramipril"), ("C10AA05", "atorvastatin"), ("A10BA02", "metformin"), ("N02BE01", "paracetamol"), ("A02BC01", "omeprazole"),
        ("H03AA01", "levothyroxine sodium"), ("N03AG01", "valproic acid"), ("C07AB02", "metoprolol"),
    ];
}
