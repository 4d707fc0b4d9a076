"""What the tests of matching share: the gloss that the system uses, three needs and achievements, and a market of
profiles from many fields. All parties are fictional; the keyword codes are real."""

import pytest

from domain.matching.candidate import Candidate
from domain.matching.subject import Kind, Subject
from domain.reference.een import ProfileType, StageOfDevelopment
from domain.reference.fields import TechnologyField
from infra.gloss import CedictGloss

OFFERS = (
    (
        "Membrane bioreactor for municipal wastewater",
        "A Danish company offers submerged membranes for sewage works. Sludge falls and effluent can be reused.",
        "10004002",
    ),
    (
        "Reverse osmosis plant for seawater desalination",
        "A Spanish engineering firm offers compact desalination plants with energy recovery for islands and hotels.",
        "10004007",
    ),
    (
        "Biological air filter that removes odours from composting plants",
        "A German SME offers a biofilter for waste gas. It removes ammonia and odours without chemicals.",
        "10002002",
    ),
    (
        "Recycling of cotton waste into yarn",
        "A Portuguese spinning mill offers recycled yarn from textile waste for garments. Fibres keep their colour.",
        "03005007",
    ),
    (
        "Digital printing on knitted fabrics",
        "An Italian company offers ink jet printing for sportswear. Pigment inks are fixed by light.",
        "03005004",
    ),
    (
        "Electrolyser for green hydrogen",
        "A Norwegian SME offers alkaline electrolysis stacks with nickel electrodes for wind parks.",
        "04002002",
    ),
    (
        "Soil remediation with iron nanoparticles",
        "A Czech company offers in situ remediation of groundwater polluted by chlorinated solvents.",
        "10002011",
    ),
    (
        "Recovery of rare earths from magnets",
        "A Finnish institute offers a hydrometallurgical process that recovers neodymium from electric motors.",
        "10003009",
    ),
    (
        "Phase-sensitive radar for avalanche warning",
        "A Swiss company offers a radar that detects avalanches in real time and closes roads.",
        "01006006",
    ),
    (
        "Probiotic feed additive for poultry",
        "A Hungarian biotechnology company offers a probiotic that replaces antibiotics in animal feed.",
        "07001002",
    ),
    (
        "Cloud software for hospital logistics",
        "A French company offers software that plans beds, staff and transport in hospitals.",
        "01004001",
    ),
    (
        "Femtosecond laser for glass cutting",
        "A Lithuanian manufacturer offers lasers for cutting display glass and sapphire.",
        "005006003",
    ),
    (
        "Bioplastic film from potato starch",
        "A Polish company offers compostable film for food packaging.",
        "06006002",
    ),
    (
        "Drone imaging for vineyards",
        "An Italian start-up offers multispectral images from drones to steer irrigation.",
        "07001007",
    ),
    (
        "Silicon anode for lithium-ion batteries",
        "A Belgian company offers a silicon composite anode with high capacity for electric vehicles.",
        "04001003",
    ),
    (
        "Antibacterial coating for door handles",
        "A Greek company offers a silver coating that keeps surfaces in hospitals free of bacteria.",
        "02002002",
    ),
)

REQUESTS = (
    (
        "Lightweight bumper made of flax composite sought",
        "A German car maker looks for natural fibre parts for series production.",
        "02009013",
    ),
    (
        "Battery management system for forklifts sought",
        "A Dutch manufacturer of industrial trucks seeks a battery management system for lithium cells.",
        "02009014",
    ),
    (
        "Acoustic panels from recycled material wanted",
        "An Austrian builder seeks panels that absorb sound in offices.",
        "002006010",
    ),
    (
        "Vaccine carrier with passive cooling sought",
        "A French charity seeks a box that keeps vaccines cold for five days.",
        "06001006",
    ),
    (
        "Image recognition for sorting of waste wood requested",
        "A Swedish recycling company seeks cameras and software that recognise painted wood.",
        "01003012",
    ),
    (
        "Low temperature adhesive for footwear sought",
        "A Portuguese shoe factory seeks an adhesive without solvents.",
        "03005006",
    ),
    (
        "Detection of leaks in district heating pipes sought",
        "A Danish utility seeks sensors that find leaks in buried pipes.",
        "04001002",
    ),
    (
        "Natural pesticide against aphids wanted",
        "A Spanish grower of vegetables seeks a biological product against aphids.",
        "07001003",
    ),
    (
        "Titanium powder for medical implants sought",
        "A Swiss company seeks spherical powder for additive manufacturing of implants.",
        "02007010",
    ),
    (
        "Fish welfare monitoring by hydrophones requested",
        "A Norwegian fish farm seeks underwater microphones and software to monitor salmon.",
        "07003001",
    ),
    (
        "Speech recognition for call centres in Greek sought",
        "A Greek software company seeks speech technology for telephone services.",
        "01003017",
    ),
    (
        "Leachate treatment for a closed landfill sought",
        "A Romanian operator seeks a process for landfill leachate with high salt and ammonia.",
        "10003003",
    ),
    (
        "Research partner for quantum sensors wanted",
        "A British company prepares a research project on quantum sensors for navigation.",
        "01002011",
    ),
    (
        "Partner for a project on cancer diagnostics from blood",
        "An Italian hospital seeks a laboratory that develops assays for circulating DNA.",
        "06001005",
    ),
)

DECOLOURING = Candidate(
    id="TONL20260903002",
    type=ProfileType.TO,
    title="Electro-oxidation that removes colour from textile effluents",
    text=(
        "A Dutch SME offers a compact electro-oxidation unit that removes colour and residual COD after biological "
        "treatment without chemicals.\nBoron-doped diamond electrodes oxidise reactive dyes. Energy use is 4 to 6 kWh "
        "per cubic metre. Two dye houses have run the unit for a year.\nNo sludge, no hydrogen peroxide, small "
        "footprint.\nDye houses and engineering companies that integrate the unit"
    ),
    technology_keywords=("10004003",),
    country="NL",
    stage=StageOfDevelopment.ON_THE_MARKET,
)

BREAKAGE = Candidate(
    id="TRES20260815007",
    type=ProfileType.TR,
    title="Acoustic methods sought to detect tool breakage when milling titanium",
    text=(
        "A Spanish aerospace supplier looks for sensor systems that warn of tool wear and breakage in real time.\n"
        "Unplanned tool breakage scraps costly titanium parts. The company seeks a tested system that combines "
        "acoustic emission with spindle power.\nResearch groups or companies with a tested monitoring system"
    ),
    technology_keywords=("02009009",),
    country="ES",
)


@pytest.fixture(scope="session")
def gloss() -> CedictGloss:
    return CedictGloss()


@pytest.fixture(scope="session")
def market() -> tuple[Candidate, ...]:
    """Thirty profiles of other fields, and the two that the needs and achievements below are looking for."""
    offers = (
        Candidate(f"TODE202601010{at:02}", ProfileType.TO, title, text, (code,), country="DE")
        for at, (title, text, code) in enumerate(OFFERS)
    )
    requests = (
        Candidate(f"TRIT202601010{at:02}", ProfileType.TR, title, text, (code,), country="IT")
        for at, (title, text, code) in enumerate(REQUESTS[:11])
    )
    research = (
        Candidate(f"RDRGR202601010{at:02}", ProfileType.RDR, title, text, (code,), country="GR")
        for at, (title, text, code) in enumerate(REQUESTS[11:])
    )
    return (*offers, DECOLOURING, *requests, BREAKAGE, *research)


@pytest.fixture(scope="session")
def decolouring() -> Candidate:
    return DECOLOURING


@pytest.fixture(scope="session")
def breakage() -> Candidate:
    return BREAKAGE


@pytest.fixture(scope="session")
def dyehouse_need() -> Subject:
    return Subject(
        id="XQ-2026-001",
        kind=Kind.NEED,
        titles=("印染废水深度脱色",),
        texts=(
            "生化出水色度仍在八十倍以上，COD 一百二十左右，现有芬顿法药剂费太高，希望引进运行费用低的深度处理技术。",
            "色度低于十倍，COD 低于五十，吨水成本低于两元",
        ),
        keywords=("印染", "脱色", "COD"),
        fields=(TechnologyField.RESOURCES_AND_ENVIRONMENT,),
    )


@pytest.fixture(scope="session")
def cold_chain_need() -> Subject:
    return Subject(
        id="XQ-2026-002",
        kind=Kind.NEED,
        titles=("冷链运输用相变蓄冷材料",),
        texts=(
            "需要零下十八度附近的相变蓄冷材料，循环两千次后潜热衰减不超过百分之五，可封装成板。",
            "配套冷藏箱保温四十八小时",
        ),
        keywords=("相变材料", "冷链", "蓄冷"),
        fields=(TechnologyField.NEW_MATERIALS,),
    )


@pytest.fixture(scope="session")
def tool_wear_need() -> Subject:
    return Subject(
        id="XQ-2026-003",
        kind=Kind.NEED,
        titles=("刀具磨损在线监测",),
        texts=(
            "数控铣床加工钛合金时刀具崩刃频繁，希望通过主轴电流和振动信号提前判断刀具磨损。",
            "误报率低于百分之三",
        ),
        keywords=("刀具", "磨损", "振动信号"),
        fields=(TechnologyField.OPTO_MECHATRONICS,),
    )


@pytest.fixture(scope="session")
def tool_achievement() -> Subject:
    return Subject(
        id="610202600012",
        kind=Kind.ACHIEVEMENT,
        titles=("基于声发射的刀具状态监测系统",),
        texts=("利用声发射与主轴电流融合判断刀具磨损与崩刃，已在两家企业试用。",),
        keywords=("声发射", "刀具"),
        fields=(TechnologyField.ADVANCED_MANUFACTURING,),
        stage=StageOfDevelopment.DEMONSTRATION,
    )


@pytest.fixture(scope="session")
def leachate_achievement() -> Subject:
    return Subject(
        id="330202600034",
        kind=Kind.ACHIEVEMENT,
        titles=("垃圾渗滤液膜浓缩液处理工艺",),
        texts=("采用蒸发与高级氧化组合处理纳滤浓缩液，无二次浓液。",),
        keywords=("渗滤液", "浓缩液"),
        fields=(TechnologyField.RESOURCES_AND_ENVIRONMENT,),
        stage=StageOfDevelopment.ON_THE_MARKET,
    )
