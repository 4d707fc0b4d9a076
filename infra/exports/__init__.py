"""Writing of profiles in the formats of the Enterprise Europe Network, for partners and their tools.

What each format has no place for is listed in `infra.exports.losses`.
"""
