"""Names that nobody has been given on purpose: drawn freely and combined by chance."""

FAMILY_NAMES = (
    "Ashworth", "Atherton", "Bamber", "Begum", "Birchall", "Boyle", "Bradshaw", "Cartwright", "Chadwick", "Clegg",
    "Crompton", "Dabrowski", "de Souza", "Eckersley", "Entwistle", "Fairclough", "Farnworth", "Gaskell", "Grundy",
    "Hargreaves", "Haslam", "Heyes", "Hindley", "Hussain", "Iqbal", "Kaur", "Kay", "Khan", "Kowalczyk", "Leyland",
    "Łuczak", "Mahmood", "Markland", "Melling", "Mensah", "Nuttall", "O'Brien", "O'Neill", "Ogden", "Okafor",
    "Okonkwo", "Parkinson", "Patel", "Pennington", "Pilkington", "Prescott", "Rigby", "Rothwell", "Seddon", "Shaw",
    "Siôn-Evans", "Southworth", "Tyldesley", "Unsworth", "Walmsley", "Whittle", "Winstanley", "Yates", "Zielińska",
)  # fmt: skip
GIRLS = (
    "Ada", "Aisha", "Amelia", "Amina", "Ava", "Bethany", "Chloé", "Daisy", "Ellie", "Evie", "Ffion", "Freya", "Grace",
    "Hafsa", "Harper", "Isla", "Iris", "Ivy", "Lily-Mae", "Maja", "Maya", "Mia", "Millie", "Nia", "Olivia", "Poppy",
    "Rosie", "Ruby", "Siân", "Sofia", "Zara", "Zoë", "Zuzanna",
)  # fmt: skip
BOYS = (
    "Adam", "Alfie", "Archie", "Arlo", "Callum", "Daniel", "Ewan", "Filip", "Finn", "George", "Harry", "Hassan",
    "Ibrahim", "Jakub", "Jaxon", "Kai", "Leo", "Logan", "Luca", "Mason", "Muhammad", "Noah", "Oliver", "Oscar",
    "Reuben", "Riley", "Samuel", "Theo", "Tomos", "Yusuf", "Zain",
)  # fmt: skip
ADULTS = (
    "Alison Whitfield", "Bilal Anwar", "Carys Hooper", "Colette Mounsey", "Darren Oakes", "Dorota Wrona",
    "Elaine Rushton", "Farah Siddiqui", "Gareth Pryce", "Grace Amoah", "Helen Thornley", "Imran Sheikh",
    "Janet Lomax", "Joanne Duxbury", "Karen Fielden", "Kwame Boadi", "Laura Medley", "Lee Barraclough",
    "Maggie Tranter", "Martin Holroyd", "Nadia Rehman", "Neil Cawley", "Olu Adebayo", "Patricia Greenhalgh",
    "Paul Hesketh", "Priya Raman", "Rachel Stott", "Rob Tattersall", "Ruth Ainscough", "Saima Qureshi",
    "Sandra Bleasdale", "Sean Devlin", "Shazia Malik", "Sinead Corrigan", "Steve Marsden", "Sue Entwhistle",
    "Tariq Javed", "Theresa Kenny", "Tom Lathom", "Usha Menon", "Valerie Speak", "Wendy Pollitt", "Yvonne Tetlow",
    "Zoltan Farkas", "Aled Morgan", "Beth Catterall", "Chris Aldred", "Diane Foy", "Emeka Nwosu", "Fiona Latchford",
    "Gill Scholes", "Hannah Peake", "Ian Dearden", "Jess Kirkham", "Khadija Noor", "Liam Fogarty", "Marta Wilk",
    "Nicola Birtles", "Owen Strang", "Pauline Hartley", "Ravi Chauhan", "Sarah Bentham", "Tina Mallory",
    "Vikram Sethi", "Warren Tickle", "Yasmin Darr", "Abby Crook", "Brian Settle",
)  # fmt: skip
