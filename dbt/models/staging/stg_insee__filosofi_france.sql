{{ mesures_longues('insee.filosofi_france') }}
