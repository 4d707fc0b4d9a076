// What stands in the editor when the page is opened for the first time.
export const FIRST_QUERY = `# 驿站 yizhan: ask the network's graph. Ctrl+Enter runs the query at the cursor, Ctrl+Space completes
# a name, and the book at the left opens the documentation of every type.

query Overview {
  stations(filter: {tier: [REGIONAL]}, first: 5) {
    totalCount
    edges {
      node {
        id
        name {
          zh
          en
        }
        region {
          province
        }
      }
    }
  }
  needs(first: 5) {
    totalCount
    edges {
      node {
        id
        title {
          zh
        }
        stage
        station {
          name {
            zh
          }
        }
      }
    }
  }
}
`;
